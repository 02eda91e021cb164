/** The way on after a fault, in the words of the table of docs/reliability.md. */
export const steps = {
    again: "`pulumi up` again",
    destroyAgain: "`pulumi destroy --refresh`",
    cancel: "`pulumi cancel`",
    clear: "`pulumi refresh --clear-pending-creates`",
    orphans: "providers ended",
    helm: "Helm's record removed",
    refresh: "`pulumi up --refresh`",
    retry: "another pod annotation, `pulumi up`",
    noRedirects: "an address that does not redirect",
    restartFlagger: "Flagger restarted",
    space: "space on the disk",
};
