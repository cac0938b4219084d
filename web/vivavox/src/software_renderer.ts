/** What browsers call renderers that draw on the processor. */
const softwareNames = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/** Says nothing: the name lies behind an extension. */
const maskedName = 'WebKit WebGL';

/** Whether the processor draws what the context is asked for. */
export function isSoftware(gl: WebGL2RenderingContext): boolean {
  const name = String(gl.getParameter(gl.RENDERER));
  const unmasked = name === maskedName ? gl.getExtension('WEBGL_debug_renderer_info') : null;
  return softwareNames.test(
    unmasked ? String(gl.getParameter(unmasked.UNMASKED_RENDERER_WEBGL)) : name,
  );
}
