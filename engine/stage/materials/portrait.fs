// Light that portraits want and a single directional light does not give.
// Included by the materials; call after prepareMaterial().

// A cool edge from behind, stronger on the side away from the key light.
vec3 rimLight(vec3 n) {
    vec3 v = getWorldViewVector();
    float edge = pow(1.0 - clamp(dot(n, v), 0.0, 1.0), 3.0);
    float left = smoothstep(0.0, 0.9, dot(n, normalize(vec3(-0.85, 0.25, -0.45))));
    float right = smoothstep(0.1, 1.0, dot(n, normalize(vec3(0.9, 0.35, -0.3))));
    return edge * (vec3(0.55, 0.68, 0.95) * left + vec3(0.5, 0.45, 0.4) * right);
}

// What wrapping adds to Lambert's cosine: light that enters and leaves again
// beside the terminator, redder the farther it went.
vec3 scatteredLight(vec3 n, vec3 width) {
    float nol = dot(n, frameUniforms.lightDirection);
    vec3 wrapped = clamp((nol + width) / (1.0 + width), 0.0, 1.0);
    vec3 gain = max(wrapped * wrapped - clamp(nol, 0.0, 1.0), 0.0);
    return gain * frameUniforms.lightColorIntensity.rgb * frameUniforms.lightColorIntensity.w / PI;
}

// What has to be drawn for a colour to be shown as it is: the tone curve halves what is
// beyond its knee (stage.cpp).
vec3 shownAs(vec3 color) {
    return color + max(color - 0.6, 0.0);
}

// A drawn surface: its shade is multiplied in where little light falls, at `shading.x` of the
// cosine and from there over `shading.y` (MToon).
vec3 toonShaded(vec3 n, vec3 color, vec3 shade, vec2 shading) {
    float lit = clamp((dot(n, frameUniforms.lightDirection) - shading.x) * shading.y, 0.0, 1.0);
    return color * mix(shade, vec3(1.0), lit);
}

#if defined(BLEND_MODE_MASKED)
// What a cut-out surface covers, sharpened by its slope. An opaque one (threshold
// 0) covers all, whatever its texture's alpha says: see-through pictures show it.
float maskedAlpha(float alpha) {
    float threshold = getMaskThreshold();
    if (threshold <= 0.0) return 1.0;
    return clamp((alpha - threshold) / max(fwidth(alpha), 1e-3) + 0.5, 0.0, 1.0);
}
#endif
