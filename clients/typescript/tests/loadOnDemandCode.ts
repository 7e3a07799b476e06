import { onDemandCode } from "../src/onDemandCode.js";

/** Loaded before the tests: a fake clock does not wait for a file. */
const loaded = await onDemandCode.load();
onDemandCode.load = () => Promise.resolve(loaded);
