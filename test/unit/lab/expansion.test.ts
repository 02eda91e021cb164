import assert from "node:assert/strict";

import { expanded } from "../../../lab/kubelet/expansion";

describe("a word of a container's command", () => {
    const variables = { POD: "a-1", "with.dots-and_more": "b" };

    it("has the values of its variables in it", () => {
        assert.equal(expanded("--service-node $(POD)", variables), "--service-node a-1");
        assert.equal(expanded("$(POD)/$(with.dots-and_more)", variables), "a-1/b");
    });

    it("keeps what is no variable of the container", () => {
        assert.equal(expanded("$(OTHER) $POD ${POD} $", variables), "$(OTHER) $POD ${POD} $");
    });

    it("keeps what is escaped, without the escape", () => {
        assert.equal(expanded("$$(POD) costs 5$$", variables), "$(POD) costs 5$");
    });
});
