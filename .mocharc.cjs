module.exports = {
    // Less is left to the garbage collector where what a test makes is gone before it is copied.
    "node-option": ["import=tsx", "max-semi-space-size=64"],
    "forbid-only": true,
    reporter: "./test/reporter.cjs",
    // A graph takes a fraction of a second, but the machine may have other work.
    timeout: 120_000,
    // A test that fails may leave a server listening. That is said, and must not keep the run from ending.
    exit: true,
};
