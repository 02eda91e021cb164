import { meshPair } from "./meshPair";

meshPair("linkerd", "kubernetes", []);
