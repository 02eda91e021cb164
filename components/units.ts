/** A time in the units people use, from seconds: `0.4 s`, `59 s`, `3 min 15 s`, `1 h 30 min`. Tenths are kept below ten seconds. */
export function duration(seconds: number): string {
    const total = seconds < 9.95 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
    const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
    const rest = total < 10 ? total : total % 60;
    const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, rest > 0 && `${rest} s`];
    return parts.filter(Boolean).join(" ") || "0 s";
}

const sizes = ["bytes", "kB", "MB", "GB", "TB"];

/** A size in the units people use, from bytes, by thousands: `12 MB`. Tenths are kept below ten of a unit. */
export function size(bytes: number): string {
    let [amount, unit] = [bytes, 0];
    // 999.6 would be rounded to 1000.
    while (Math.round(amount) >= 1000 && unit < sizes.length - 1) {
        amount /= 1000;
        unit += 1;
    }
    const shown = unit > 0 && amount < 9.95 ? Math.round(amount * 10) / 10 : Math.round(amount);
    return `${shown} ${sizes[unit]}`;
}
