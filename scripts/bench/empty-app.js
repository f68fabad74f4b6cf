// What every cdktf app costs: an app without a stack.
import { App } from "cdktf";

new App().synth();
