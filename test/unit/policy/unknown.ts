/** What goes over the wire in place of a text that is known only at deployment. */
export const later = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
