import { Json, ProxyConfig, cluster, httpChain, listener, routeConfiguration } from "./envoy";

/** What a mesh calls what its proxies count of the requests that come in. */
export interface Series {
    requests: string;
    /** A histogram, in milliseconds. */
    latency: string;
    labels: Record<string, string>;
    /** The labels that depend on the status of the answer, as an expression of Lua in which `code` is that status. */
    labelsOfStatus: string;
    /** Where the application counts for itself; its page is put below. */
    application?: { port: number; path: string };
}

/** The application's own page, as a cluster of Envoy's. */
const ownPage = "application_statistics";

const lua = "type.googleapis.com/envoy.extensions.filters.http.lua.v3";

/**
 * The pages by which others look at a proxy, each a view of Envoy's own: whether it is ready, or its counters under the names
 * of a mesh. In Envoy, so that a pod needs no further program.
 */
export function adminPages(port: number, admin: number, pages: Record<string, "ready" | Series>): ProxyConfig {
    const label = `admin_${port}`;
    const routes = Object.entries(pages).map(([path, page]) => ({
        match: { path },
        route: {
            cluster: label,
            regex_rewrite: { pattern: { regex: "^.*$" }, substitution: page === "ready" ? "/ready" : statistics },
        },
        ...(page !== "ready" && {
            typed_per_filter_config: {
                "envoy.filters.http.lua": {
                    "@type": `${lua}.LuaPerRoute`,
                    source_code: { inline_string: translation(page) },
                },
            },
        }),
    }));
    const filter: Json = { name: "envoy.filters.http.lua", typed_config: { "@type": `${lua}.Lua` } };
    const table = routeConfiguration(label, [{ name: label, domains: ["*"], routes }]);
    return {
        listeners: [listener(label, port, [httpChain({}, table, [filter])])],
        routes: [],
        clusters: [
            cluster(label, "127.0.0.1", admin),
            ...Object.values(pages).flatMap((page) =>
                page !== "ready" && page.application ? [cluster(ownPage, "127.0.0.1", page.application.port)] : [],
            ),
        ],
    };
}

/** Envoy's counters of what comes in: its other ones are many. In a substitution a backslash is written twice. */
const statistics = "/stats/prometheus?usedonly&filter=^cluster\\\\.inbound";

/**
 * A program for Envoy that writes its page of counters anew: what it counts of the clusters, all of which are of what comes in,
 * becomes the series of the mesh, the sum where there are several.
 */
function translation({ requests, latency, labels, labelsOfStatus, application }: Series): string {
    const common = Object.entries(labels)
        .map(([name, value]) => `${name}="${value}"`)
        .join(",");
    return `
local common = '${common}'
local function labelsOfStatus(code) return ${labelsOfStatus} end
function envoy_on_response(handle)
  local body = handle:body()
  local sums, names = {}, {}
  local function add(name, more, value)
    local series = name .. "{" .. common .. (more == "" and "" or "," .. more) .. "}"
    if sums[series] == nil then names[#names + 1] = series end
    sums[series] = (sums[series] or 0) + tonumber(value)
  end
  for line in string.gmatch(body:getBytes(0, body:length()), "[^\\n]+") do
    local code, count = string.match(line, '^envoy_cluster_upstream_rq{envoy_response_code="(%d+)",[^}]*} (%S+)$')
    if code then add("${requests}", labelsOfStatus(code), count) end
    local kind, le, value = string.match(line, '^envoy_cluster_upstream_rq_time_(%l+){envoy_cluster_name="[^"]*",?([^}]*)} (%S+)$')
    if kind then add("${latency}_" .. kind, le, value) end
  end
  local lines = {"# TYPE ${requests} counter", "# TYPE ${latency} histogram"}
  for _, series in ipairs(names) do lines[#lines + 1] = series .. " " .. sums[series] end
${application === undefined ? "" : added(application.path)}  handle:body():setBytes(table.concat(lines, "\\n") .. "\\n")
end
`;
}

/**
 * What puts the application's own page below; while it does not answer there is none. It is asked at the end: what was got of
 * Envoy before a call is not to be used after it.
 */
function added(path: string): string {
    return `  local headers, own = handle:httpCall("${ownPage}", {[":method"] = "GET", [":path"] = ${JSON.stringify(path)}, [":authority"] = "${ownPage}"}, "", 1000)
  if headers[":status"] == "200" and own then lines[#lines + 1] = own end
`;
}
