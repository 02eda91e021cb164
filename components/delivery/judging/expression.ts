/**
 * A condition or a number over several metrics, in the words that people use: `errors < 1 or latency <= 300`. A name may hold
 * dashes, so that a minus has spaces around it.
 */
export interface Expression {
    /** The metrics that it names. */
    names: string[];
    /** Whether it is a condition, and no number. */
    isCondition: boolean;
    /** The same in PromQL, a condition as 1 or 0, with an expression for each name. */
    promQl(value: (name: string) => string): string;
}

/** What is wrong with an expression, and where. */
export class ExpressionError extends Error {}

interface Token {
    kind: "name" | "number" | "sign" | "end";
    text: string;
    at: number;
}

const token = /\s*(?:([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)|(\d+(?:\.\d+)?)|(<=|>=|==|!=|[<>+\-*/()]))/y;

function tokensOf(text: string): Token[] {
    const tokens: Token[] = [];
    token.lastIndex = 0;
    const end = text.trimEnd().length;
    while (token.lastIndex < end) {
        const from = token.lastIndex;
        const found = token.exec(text);
        if (found === null) {
            throw new ExpressionError(`has something unknown at "${text.slice(from).trim()}"`);
        }
        const [, name, number, sign] = found;
        const kind = name !== undefined ? "name" : number !== undefined ? "number" : "sign";
        tokens.push({ kind, text: name ?? number ?? sign!, at: from });
    }
    return [...tokens, { kind: "end", text: "its end", at: end }];
}

/** A part of an expression. `write` is its PromQL. */
interface Part {
    isCondition: boolean;
    names: string[];
    write: (value: (name: string) => string) => string;
}

/** Parses by precedence: or, and, not, comparison, sum, product, sign. */
class Parser {
    private next = 0;

    constructor(private readonly tokens: Token[]) {}

    whole(): Part {
        const part = this.or();
        if (this.token.kind !== "end") {
            throw this.unexpected("an operator");
        }
        return part;
    }

    private get token(): Token {
        return this.tokens[this.next]!;
    }

    private unexpected(wanted: string): ExpressionError {
        return new ExpressionError(`has ${this.token.text} where ${wanted} would stand`);
    }

    /** Takes the next token if it is one of these. */
    private take(...texts: string[]): string | undefined {
        const { kind, text } = this.token;
        if (kind === "end" || !texts.includes(text)) {
            return undefined;
        }
        this.next++;
        return text;
    }

    private or(): Part {
        let left = this.and();
        while (this.take("or") !== undefined) {
            left = joined(left, this.and(), true, "or", (a, b) => `clamp_max(${a} + ${b}, 1)`);
        }
        return left;
    }

    private and(): Part {
        let left = this.not();
        while (this.take("and") !== undefined) {
            left = joined(left, this.not(), true, "and", (a, b) => `(${a} * ${b})`);
        }
        return left;
    }

    private not(): Part {
        if (this.take("not") === undefined) {
            return this.comparison();
        }
        const part = this.not();
        insist(part, true, "not");
        return { ...part, write: (value) => `(1 - ${part.write(value)})` };
    }

    private comparison(): Part {
        const left = this.sum();
        const sign = this.take("<=", ">=", "==", "!=", "<", ">");
        if (sign === undefined) {
            return left;
        }
        const right = this.sum();
        const part = joined(left, right, false, sign, (a, b) => `(${a} ${sign} bool ${b})`);
        if (part.names.length === 0) {
            throw new ExpressionError("compares numbers alone, which no version changes");
        }
        return { ...part, isCondition: true };
    }

    private sum(): Part {
        let left = this.product();
        for (let sign = this.take("+", "-"); sign !== undefined; sign = this.take("+", "-")) {
            const operator = sign;
            left = joined(left, this.product(), false, operator, (a, b) => `(${a} ${operator} ${b})`);
        }
        return left;
    }

    private product(): Part {
        let left = this.signed();
        for (let sign = this.take("*", "/"); sign !== undefined; sign = this.take("*", "/")) {
            const operator = sign;
            left = joined(left, this.signed(), false, operator, (a, b) => `(${a} ${operator} ${b})`);
        }
        return left;
    }

    private signed(): Part {
        if (this.take("-") === undefined) {
            return this.single();
        }
        const part = this.signed();
        insist(part, false, "-");
        return { ...part, write: (value) => `(-1 * ${part.write(value)})` };
    }

    private single(): Part {
        if (this.take("(") !== undefined) {
            const part = this.or();
            if (this.take(")") === undefined) {
                throw this.unexpected("a closing bracket");
            }
            return part;
        }
        const { kind, text } = this.token;
        if (kind !== "number" && (kind !== "name" || ["and", "or", "not"].includes(text))) {
            throw this.unexpected("a metric or a number");
        }
        this.next++;
        return kind === "number"
            ? { isCondition: false, names: [], write: () => text }
            : { isCondition: false, names: [text], write: (value) => `(${value(text)})` };
    }
}

/** Two parts that an operator joins, which takes conditions or takes numbers. */
function joined(
    left: Part,
    right: Part,
    conditions: boolean,
    operator: string,
    write: (left: string, right: string) => string,
): Part {
    insist(left, conditions, operator);
    insist(right, conditions, operator);
    return {
        isCondition: conditions,
        names: [...left.names, ...right.names],
        write: (value) => write(left.write(value), right.write(value)),
    };
}

function insist(part: Part, isCondition: boolean, operator: string): void {
    if (part.isCondition !== isCondition) {
        const [is, needs] = isCondition ? ["a number", "conditions"] : ["a condition", "numbers"];
        throw new ExpressionError(`has ${is} beside "${operator}", which takes ${needs}`);
    }
}

/**
 * Reads an expression.
 *
 * @throws ExpressionError with what is wrong.
 */
export function parseExpression(text: string): Expression {
    const { isCondition, names, write } = new Parser(tokensOf(text)).whole();
    if (names.length === 0) {
        throw new ExpressionError("names no metric");
    }
    return { names: [...new Set(names)], isCondition, promQl: write };
}
