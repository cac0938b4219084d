// What a picture shows of the light that is drawn.
precision highp float;  // half floats would put steps into highlights

// Tones are shown as they are up to the knee; above it the largest channel nears white without
// reaching it, and takes the others along, so that bright skin keeps its hue.
vec3 toned(vec3 light) {
    const float knee = 0.7;
    const float most = 0.985;
    light = max(light, vec3(0.0));  // beyond a triangle, where some of its samples lie, there may be less
    float largest = max(max(light.r, light.g), max(light.b, 1e-4));
    float over = max(largest - knee, 0.0) * (1.0 / (most - knee));
    float tone = min(largest, knee) + (most - knee) * over / (1.0 + over);
    return light * (tone / largest);
}

// Between −½ and ½, other for each pixel and alike after 16 (tiling.h): J. Jimenez, "Next Generation
// Post-Processing in Call of Duty", 2014. It turns steps of a gradient into grain that nobody sees.
float grain() {
    highp vec2 place = mod(gl_FragCoord.xy, 16.0);
#if defined(TARGET_VULKAN_ENVIRONMENT)
    place.y = 16.0 - place.y;  // its rows count from the top
#endif
    return fract(52.9829189 * fract(dot(place, vec2(0.06711056, 0.00583715)))) - 0.5;
}

// In browsers surfaces give sRGB, by three square roots instead of a power (I. Taylor, "Approximations
// for translating to and from sRGB"; at most 0.5 of 255 off). Elsewhere Filament smooths edges within a
// pass over the picture alone, which makes sRGB of it.
vec3 shown(vec3 tone) {
#if !defined(TARGET_VULKAN_ENVIRONMENT)
    vec3 root2 = sqrt(tone);
    vec3 root4 = sqrt(root2);
    vec3 root8 = sqrt(root4);
    vec3 srgb = 0.662002687 * root2 + 0.684122060 * root4 - 0.323583601 * root8 - 0.0225411470 * tone;
    return srgb + grain() / 255.0;
#else
    // The pass reads sRGB from a table, between whose 32 places it is wrong by up to five of 255: by so
    // much, as measured, in the opposite direction.
    vec3 root = sqrt(tone);
    vec3 missing = mix(0.0197 * root * (1.0 - 2.1 * tone), vec3(0.008), smoothstep(0.76, 0.84, tone));
    vec3 slope = 1.25 * root + 1.27 * tone;  // of light over sRGB
    return tone + missing + grain() / 255.0 * slope;
#endif
}
