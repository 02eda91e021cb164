// How `npm run test:shipped` runs: what users get, by the programs that make it and that they meet it with, which are compilers, npm, a
// browser and Pulumi's own command.
module.exports = require("./parallel.cjs")("shipped", ["package", "types", "offlinePreview"]);
