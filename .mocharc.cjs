module.exports = {
    "node-option": ["import=tsx"],
    "forbid-only": true,
    reporter: "./test/reporter.cjs",
    // A graph takes a fraction of a second, but the machine may have other work.
    timeout: 120_000,
    // A test that fails may leave a server listening. That is said, and must not keep the run from ending.
    exit: true,
};
