/** A word of a container's command with the values of its variables in it: `$(NAME)`; `$$(NAME)` is `$(NAME)` itself. */
export function expanded(word: string, variables: Readonly<Record<string, string | undefined>>): string {
    return word.replace(/\$(\$|\(([\w.-]+)\))/g, (all, escaped: string, name?: string) =>
        escaped === "$" ? "$" : (variables[name!] ?? all),
    );
}
