export { Advice } from "./Advice.js";
export { NegotiatedTransports } from "./NegotiatedTransports.js";
