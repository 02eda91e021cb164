/** How the place that a program writes to wants to be written to. */
export interface Terminal {
    /** Whether progress can be drawn over itself. */
    live: boolean;
    /** Whether text may be coloured. */
    colored: boolean;
}

/** Takes colours from a command and from all that it starts, where they are not told by an argument but by the environment. */
export const noColor = "--no-color";

/**
 * Decides by the conventions of the field. `--no-color` and `NO_COLOR` take colours away, `FORCE_COLOR` brings them where they
 * would not be, `TERM=dumb` is a terminal that can do neither. In CI every line stays, and has no colours unless they are forced.
 */
export function terminalOf(isTTY: boolean, env: NodeJS.ProcessEnv, args: readonly string[]): Terminal {
    const live = isTTY && !isOn(env.CI) && env.TERM !== "dumb";
    const { NO_COLOR = "", FORCE_COLOR = "" } = env;
    if (args.includes(noColor) || NO_COLOR !== "") {
        return { live, colored: false };
    }
    return { live, colored: FORCE_COLOR === "" ? live : isOn(FORCE_COLOR) };
}

function isOn(value = ""): boolean {
    return !["", "0", "false"].includes(value);
}
