// What a picture shows of the light that is drawn, and shortcuts through Filament's lighting. Included
// by the materials after their own code, because macros of that name would reach into it.

// The tone curve of stage.cpp, then sRGB by three square roots instead of a power (I. Taylor,
// "Approximations for translating to and from sRGB"; at most 0.5 of 255 off).
vec3 shownTones(vec3 light) {
    vec3 tone = clamp(min(light, 0.5 * light + 0.3), 0.0, 1.0);
    vec3 root2 = sqrt(tone);
    vec3 root4 = sqrt(root2);
    vec3 root8 = sqrt(root4);
    return 0.662002687 * root2 + 0.684122060 * root4 - 0.323583601 * root8 - 0.0225411470 * tone;
}

vec4 shownColor(vec4 light) {
#if defined(BLEND_MODE_MASKED) || defined(BLEND_MODE_OPAQUE)
    return vec4(shownTones(light.rgb), light.a);
#else
    return vec4(shownTones(light.rgb / max(light.a, 1e-4)) * light.a, light.a);
#endif
}

// Where no pass over the picture follows, a surface gives what is shown instead of light. Filament
// lets materials say what is drawn in place of their lit colour, but not what is made of it: its
// `color = material.postLightingColor;`, the last line of its shaders, is made to ask for that.
#define postLightingColor postLightingColor.x > 0.5 ? shownColor(color) : color

#if defined(SHADING_MODEL_LIT)
// Filament looks up ambient occlusion of the screen at each pixel, which is never switched on (nor are
// shadows of contact, which look up the depths), and the share of light that a rough surface mirrors, for which there is a fit: B. Karis, "Physically
// Based Shading on Mobile", 2014, in the order of Filament's table.
vec4 lookedUp(int nothing, vec2 place, float level) {
    return vec4(1.0);
}
vec4 lookedUp(float nothing, vec2 place, float level) {
    vec4 r = place.y * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
    float a = min(r.x * r.x, exp2(-9.28 * place.x)) * r.x + r.y;
    vec2 share = vec2(-1.04, 1.04) * a + r.zw;
    return vec4(share.y, share.x + share.y, 0.0, 0.0);
}
vec4 lookedUp(sampler2D depths, vec2 place, float level) {
    return vec4(0.0);
}
vec4 lookedUp(samplerCube map, vec3 place, float level) {
    return textureLod(map, place, level);
}
ivec2 measured(int nothing, int level) {
    return ivec2(1);
}
ivec2 measured(samplerCube map, int level) {
    return ivec2(1);
}
#if defined(HAS_SHADOWING)
ivec3 measured(mediump sampler2DArrayShadow map, int level) {
    return textureSize(map, level);
}
#endif
#define light_ssao 0
#define light_iblDFG 0.0
#define textureLod lookedUp
#define textureSize measured
#define textureLodOffset(map, place, level, offset) vec4(1.0)
#define textureGather(map, place, component) vec4(1.0)
#endif
