// How `npm run test:unit` runs: what stays in this process, graphs of resources and pure functions.
module.exports = require("./parallel.cjs")("unit", ["examples", "badInput", "canaryAppWait", "canaryApp"]);
