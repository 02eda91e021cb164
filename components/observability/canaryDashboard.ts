export const canaryDashboard = {};
