import { Json } from "../envoy";
import { envoyString } from "./match";
import { CorsPolicy, Fault, HttpRoute } from "./objects";
import { envoyDuration, fraction, seconds } from "./numbers";

const types = "type.googleapis.com/envoy.extensions.filters.http";

/** The filters that routes of virtual services may ask something of. Without being asked they do nothing. */
export const httpFilters: Json[] = [
    { name: "envoy.filters.http.fault", typed_config: { "@type": `${types}.fault.v3.HTTPFault` } },
    { name: "envoy.filters.http.cors", typed_config: { "@type": `${types}.cors.v3.Cors` } },
];

/** What a route asks of the filters. */
export function perRouteFilters({ corsPolicy, fault }: HttpRoute): Json {
    const asked = {
        ...(corsPolicy !== undefined && { "envoy.filters.http.cors": cors(corsPolicy) }),
        ...(fault !== undefined && { "envoy.filters.http.fault": envoyFault(fault) }),
    };
    return Object.keys(asked).length === 0 ? {} : { typed_per_filter_config: asked };
}

function cors(policy: CorsPolicy): Json {
    const { allowOrigins = [], allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials } = policy;
    return {
        "@type": `${types}.cors.v3.CorsPolicy`,
        allow_origin_string_match: allowOrigins.flatMap((origin) => envoyString(origin) ?? []),
        ...(allowMethods !== undefined && { allow_methods: allowMethods.join(",") }),
        ...(allowHeaders !== undefined && { allow_headers: allowHeaders.join(",") }),
        ...(exposeHeaders !== undefined && { expose_headers: exposeHeaders.join(",") }),
        ...(maxAge !== undefined && { max_age: String(seconds(maxAge)) }),
        ...(allowCredentials !== undefined && { allow_credentials: allowCredentials }),
    };
}

/** Without a percentage it is for all requests. */
function envoyFault({ delay, abort }: Fault): Json {
    return {
        "@type": `${types}.fault.v3.HTTPFault`,
        ...(delay?.fixedDelay !== undefined && {
            delay: {
                fixed_delay: envoyDuration(delay.fixedDelay),
                percentage: fraction(delay.percentage?.value ?? 100),
            },
        }),
        ...(abort?.httpStatus !== undefined && {
            abort: { http_status: abort.httpStatus, percentage: fraction(abort.percentage?.value ?? 100) },
        }),
    };
}
