// The key light on a surface: how much of it comes, goes in and comes out again, and is mirrored.

// How much of the key light reaches the surface: two places of the shadow's map, each smoothed over
// its neighbours. Four look the same, and take a tenth of a picture's time more in software.
float keyVisibility() {
#if defined(HAS_DIRECTIONAL_LIGHTING) && defined(HAS_SHADOWING)
    highp vec3 place = vertex_lightSpacePosition.xyz / vertex_lightSpacePosition.w;
    float step_uv = 0.6 / float(textureSize(light_shadowMap, 0).x);
    highp float depth = clamp(place.z, 0.0, 1.0);
    float before = texture(light_shadowMap, vec4(place.xy - step_uv, 0.0, depth));
    float beyond = texture(light_shadowMap, vec4(place.xy + step_uv, 0.0, depth));
    return 0.5 * (before + beyond);
#else
    return 1.0;
#endif
}

// The key light's colour, in units in which a white surface that faces it shows it as it is.
vec3 keyLight() {
#if defined(HAS_DIRECTIONAL_LIGHTING)
    return frameUniforms.lightColorIntensity.rgb * frameUniforms.lightColorIntensity.w;
#else
    return vec3(0.0);
#endif
}

// What a surface that wraps light so far shows of it: light goes in and leaves beside the terminator.
vec3 wrapped(float nol, vec3 width) {
    vec3 lit = clamp((nol + width) / (1.0 + width), 0.0, 1.0);
    return lit * lit;
}

// A GGX lobe with its shadowing and Fresnel's factor at once, of 1 mirrored at 0°: R. Boulatov's fit as
// in C. Bao's and Unity's "Optimizing PBR for Mobile", SIGGRAPH 2015, to be multiplied by n · l.
float mirroredKey(float noh, float loh, float roughness) {
    float a2 = roughness * roughness * roughness * roughness;
    float d = noh * noh * (a2 - 1.0) + 1.00001;
    return a2 / (d * d * max(0.1, loh * loh) * (4.0 * roughness * roughness + 2.0));
}

// How much more a surface mirrors at its edges, seen at this cosine.
float atEdges(float nov) {
    float far = 1.0 - nov;
    float far2 = far * far;
    return far2 * far2;
}
