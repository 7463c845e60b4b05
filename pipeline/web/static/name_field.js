// Remember the name of whoever decides, as the page of a notice does.
import { bindName } from "./net.js";

bindName();
