import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import * as grpc from "@grpc/grpc-js";

import { pause } from "../poll";
import { Bag, diesWithParent, emptyMessage, messages, reply, services, struct } from "./protocol";

/**
 * Stands in for pulumi-resource-aws: keeps what it is told to create as files of a folder (the "account"), answers with the
 * inputs and with what AWS would compute. It checks nothing that AWS checks. Asked for an EKS cluster of any name, it shows the
 * lab's own.
 */
const account = process.env.LAB_AWS_ACCOUNT!;
const accountId = "123456789012";
const region = "us-west-2";
const version = process.env.LAB_AWS_VERSION!;
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const { provider, plugin } = messages;

const hash = (text: string, length: number) => createHash("sha256").update(text).digest("hex").slice(0, length);
const typeOf = (urn: string) => urn.split("::")[2]!.split("$").pop()!;
const nameOf = (urn: string) => urn.split("::")[3]!;

/** What AWS computes, by type. */
const computed: Record<string, (inputs: Bag, id: string) => Bag> = {
    "aws:iam/role:Role": (inputs, id) => ({
        arn: `arn:aws:iam::${accountId}:role${(inputs.path as string | undefined) ?? "/"}${id}`,
        uniqueId: `AROA${hash(id, 16).toUpperCase()}`,
    }),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (inputs) => ({
        arn: `arn:aws:iam::${accountId}:oidc-provider/${String(inputs.url).replace("https://", "")}`,
    }),
    "aws:eks/cluster:Cluster": (inputs, id) => ({
        arn: `arn:aws:eks:${region}:${accountId}:cluster/${id}`,
        endpoint: `https://${hash(id, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
        status: "ACTIVE",
        identities: [{ oidcs: [{ issuer: `https://${issuerOf(id)}` }] }],
        vpcConfig: inputs.vpcConfig,
    }),
    "aws:eks/nodeGroup:NodeGroup": (inputs, id) => ({ ...partOfEks("nodegroup", inputs, id), status: "ACTIVE" }),
    "aws:eks/addon:Addon": (inputs, id) => partOfEks("addon", inputs, id),
    "aws:eks/accessEntry:AccessEntry": (inputs, id) => ({ accessEntryArn: partOfEks("access-entry", inputs, id).arn }),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": () => ({ associatedAt: since, modifiedAt: since }),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (inputs, id) => ({
        associationArn: partOfEks("podidentityassociation", inputs, id).arn,
        associationId: id,
    }),
    "aws:kms/key:Key": (_, id) => ({ arn: `arn:aws:kms:${region}:${accountId}:key/${id}`, keyId: id }),
    "aws:ec2/eip:Eip": (_, id) => ({ allocationId: id, publicIp: "192.0.2.1" }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": () => ({}),
    "aws:ec2/route:Route": () => ({ state: "active" }),
};

const since = "2026-01-01T00:00:00Z";

function partOfEks(kind: string, inputs: Bag, id: string): { arn: string } {
    return { arn: `arn:aws:eks:${region}:${accountId}:${kind}/${String(inputs.clusterName)}/${id}` };
}

const issuerOf = (cluster: string) => `oidc.eks.${region}.amazonaws.com/id/${hash(cluster, 32).toUpperCase()}`;

/** What AWS answers when it is asked, by the function's token. */
const answers: Record<string, (args: Bag) => Bag> = {
    "aws:index/getPartition:getPartition": () => ({ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com" }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
        id: region,
        names: ["a", "b", "c", "d"].map((letter) => region + letter),
        zoneIds: [1, 2, 3, 4].map((zone) => `usw2-az${zone}`),
    }),
    "aws:eks/getCluster:getCluster": ({ name }) => {
        const { clusters } = JSON.parse(fs.readFileSync(process.env.LAB_KUBECONFIG!, "utf8")) as {
            clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
        };
        const { server, "certificate-authority-data": data } = clusters[0]!.cluster;
        return {
            id: name,
            name,
            arn: `arn:aws:eks:${region}:${accountId}:cluster/${String(name)}`,
            endpoint: server,
            certificateAuthorities: [{ data }],
            identities: [{ oidcs: [{ issuer: `https://${issuerOf(String(name))}` }] }],
            status: "ACTIVE",
        };
    },
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": ({ url }) => {
        const host = String(url).replace("https://", "");
        return { id: host, url: host, arn: `arn:aws:iam::${accountId}:oidc-provider/${host}` };
    },
};

function outputs(urn: string, inputs: Bag, id: string): Bag {
    const type = typeOf(urn);
    return { ...inputs, ...(computed[type]?.(inputs, id) ?? { arn: `arn:aws:${type}::${accountId}:${id}` }) };
}

/** How long AWS takes to make something, by type, in seconds; at once what is not named. */
const takes: Record<string, number> = { "aws:eks/cluster:Cluster": Number(process.env.LAB_CLUSTER_SECONDS ?? 0) };

/** Types whose physical name AWS needs and Pulumi draws. */
const named = /^aws:(iam\/role:|eks\/cluster:)/;

const fileOf = (urn: string) => path.join(account, `${hash(urn, 20)}.json`);

function keep(urn: string, id: string, state: Bag): void {
    fs.writeFileSync(fileOf(urn), JSON.stringify({ type: typeOf(urn), name: nameOf(urn), id, state }, undefined, 2), {
        mode: 0o600,
    });
}

type Message = any;

function check(drawNames: boolean) {
    return reply((request: Message) => {
        const news: Bag = request.getNews()?.toJavaScript() ?? {};
        const olds: Bag = request.getOlds()?.toJavaScript() ?? {};
        const urn: string = request.getUrn();
        if (drawNames && named.test(typeOf(urn)) && news.name === undefined) {
            const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex") || urn;
            news.name = olds.name ?? `${nameOf(urn)}-${hash(seed, 7)}`;
        }
        const response = new provider.CheckResponse();
        response.setInputs(struct(news));
        return response;
    });
}

const empty = reply(() => emptyMessage());

const handlers = {
    getPluginInfo: reply(() => {
        const info = new plugin.PluginInfo();
        info.setVersion(version);
        return info;
    }),
    getSchema: reply(() => {
        const schema = new provider.GetSchemaResponse();
        schema.setSchema(JSON.stringify({ name: "aws", version }));
        return schema;
    }),
    checkConfig: check(false),
    diffConfig: reply(() => new provider.DiffResponse()),
    configure: reply(() => {
        const response = new provider.ConfigureResponse();
        response.setSupportspreview(true);
        return response;
    }),
    check: check(true),
    diff: reply((request: Message) => {
        const olds: Bag = request.getOldInputs()?.toJavaScript() ?? {};
        const news: Bag = request.getNews()?.toJavaScript() ?? {};
        const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !key.startsWith("__"));
        const changed = keys.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
        const kinds = provider.DiffResponse.DiffChanges;
        const response = new provider.DiffResponse();
        response.setChanges(changed.length > 0 ? kinds.DIFF_SOME : kinds.DIFF_NONE);
        response.setDiffsList(changed);
        response.setReplacesList(changed.filter((key) => key === "name"));
        return response;
    }),
    create: reply(async (request: Message) => {
        const inputs: Bag = request.getProperties()?.toJavaScript() ?? {};
        const urn: string = request.getUrn();
        const id = named.test(typeOf(urn)) ? String(inputs.name) : `${nameOf(urn)}-${hash(urn, 12)}`;
        const state = outputs(urn, inputs, id);
        const response = new provider.CreateResponse();
        if (request.getPreview()) {
            for (const key of Object.keys(state)) {
                state[key] = key in inputs ? inputs[key] : unknown;
            }
        } else {
            await pause(takes[typeOf(urn)] ?? 0);
            keep(urn, id, state);
            response.setId(id);
        }
        response.setProperties(struct(state));
        return response;
    }),
    read: reply((request: Message) => {
        const response = new provider.ReadResponse();
        if (fs.existsSync(fileOf(request.getUrn()))) {
            response.setId(request.getId());
            response.setProperties(request.getProperties());
            response.setInputs(request.getInputs());
        }
        return response;
    }),
    update: reply((request: Message) => {
        const urn: string = request.getUrn();
        const state = outputs(urn, request.getNews()?.toJavaScript() ?? {}, request.getId());
        const response = new provider.UpdateResponse();
        if (!request.getPreview()) {
            keep(urn, request.getId(), state);
        }
        response.setProperties(struct(state));
        return response;
    }),
    delete: reply((request: Message) => {
        fs.rmSync(fileOf(request.getUrn()), { force: true });
        return emptyMessage();
    }),
    cancel: empty,
    attach: empty,
    invoke: reply((request: Message) => {
        const answer = answers[String(request.getTok())];
        if (answer === undefined) {
            throw new Error(`the stand-in for AWS does not answer ${String(request.getTok())}`);
        }
        const response = new provider.InvokeResponse();
        response.setReturn(struct(answer(request.getArgs()?.toJavaScript() ?? {})));
        return response;
    }),
};

const server = new grpc.Server();
server.addService(services.ResourceProviderService, handlers);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
        throw error;
    }
    process.stdout.write(`${port}\n`);
});
diesWithParent();
