// What each kind of surface does with the light.

struct Lit {
    vec3 n;
    vec3 v;
    vec3 h;
    float nol;
    float nov;
    float noh;
    float loh;
    float key;   // how much of the key light comes
    float open;  // to the light around
};

#if defined(CUT)
// What a cut-out surface covers, sharpened by its slope.
float cutAlpha(float alpha) {
    return clamp((alpha - getMaskThreshold()) / max(fwidth(alpha), 1e-3) + 0.5, 0.0, 1.0);
}
#endif

// What of the light around comes out of a hollow of this colour again: what it throws back goes on to
// its other sides. Around what is in a mouth that is flesh.
const vec3 flesh = vec3(0.75, 0.35, 0.30);
vec3 outOf(float open, vec3 color) {
    return open / (1.0 - color * (1.0 - open));
}

#if defined(LAYERED)
vec3 glassShine;  // what a clear surface mirrors, which none of the light behind it shows through

// Fibres that stand up: a lobe by A. Estevez and C. Kulla, "Production Friendly Microfacet Sheen BRDF",
// 2017, with D. Neubelt's and M. Pettineo's shadowing ("Crafting a Next-Gen Material Pipeline for The
// Order: 1886", 2013). They take from what is below as much as they throw back.
void addSheen(Lit s, inout vec3 light, inout vec3 shine) {
    vec3 fibres = materialParams.sheen.rgb;
    float thrown = min(exp2(materialParams.layers.z + materialParams.layers.w * s.nov), 1.0);
    float nol = max(s.nol, 0.0);
    float finely = 0.5 * materialParams.sheen.a;
    float lobe = (1.0 + finely) * pow(max(1.0 - s.noh * s.noh, 1e-4), finely);
    lobe *= nol / (4.0 * max(nol + s.nov - nol * s.nov, 0.01));
    float below = 1.0 - thrown * max(fibres.r, max(fibres.g, fibres.b));
    light = below * light + fibres * (keyLight() * (lobe * s.key) + s.open * thrown * variable_ambient.rgb);
    shine *= below;
}

// Lacquer, smooth where the surface below has relief.
void addCoat(Lit s, inout vec3 light, inout vec3 shine) {
    float coat = materialParams.layers.x;
    float roughness = materialParams.layers.y;
    vec3 n = normalize(shading_tangentToWorld[2]);
    float mirror = coat * (0.04 + 0.96 * (1.0 - 0.7 * roughness) * atEdges(clamp(dot(n, s.v), 0.0, 1.0)));
    float level = frameUniforms.iblRoughnessOneLevel * roughness * (2.0 - roughness);
    vec3 around = textureLod(light_iblSpecular, reflect(-s.v, n), level).rgb * frameUniforms.iblLuminance;
    around *= s.open * (1.0 - 0.85 * materialParams.inMouth);
    float glint = 0.04 * coat * mirroredKey(clamp(dot(n, s.h), 0.0, 1.0), s.loh, roughness);
    glint *= max(dot(n, frameUniforms.lightDirection), 0.0) * s.key;
    light *= 1.0 - mirror;
    shine = (1.0 - mirror) * shine + mirror * around + keyLight() * glint;
}

// What lies over a surface, which without that shows `light` and mirrors `shine`.
vec3 layered(Lit s, vec3 light, vec3 shine) {
    addSheen(s, light, shine);
    addCoat(s, light, shine);
    glassShine = shine;
    return light + shine;
}
#endif

#if defined(SKIN)
// Red light goes farther under the skin: past the terminator, and into the edges of shadows. The
// highlight has two lobes, of the skin and of the film of oil on it.
vec3 shaded(Lit s, vec3 color, float roughness, float metallic) {
    vec3 light = wrapped(s.nol, vec3(0.42, 0.33, 0.30));
    light *= mix(vec3(s.key), vec3(s.key * (2.0 - s.key)), vec3(0.5, 0.2, 0.1));
    float shine = 0.7 * mirroredKey(s.noh, s.loh, roughness) + 0.3 * mirroredKey(s.noh, s.loh, 0.6 * roughness);
    light = keyLight() * (color * light + 0.028 * shine * max(s.nol, 0.0) * s.key);
    light += outOf(s.open, color) * color * variable_ambient.rgb;
    light += s.open * (0.02 + 0.35 * atEdges(s.nov)) * variable_mirrored.rgb;
    return light;
}
#elif defined(EYE)
// Of the aqueous humour behind the cornea, to air.
const float bending = 1.0 / 1.336;
// Of the angle under which an iris' rim is seen from the eyeball's middle (irises.cpp).
const float sinRim = 0.484;
const float cosRim = 0.875;

// What of the texture is seen here: the iris lies flat behind the cornea, whose water bends the view.
// Its axis and what lies beside follow from the texture's derivatives (C. Schüler, "Normal Mapping
// Without Precomputed Tangents", ShaderX5, 2006).
vec2 throughCornea(vec2 uv) {
    highp vec3 px = dFdx(vertex_worldPosition);
    highp vec3 py = dFdy(vertex_worldPosition);
    vec2 ux = dFdx(uv);
    vec2 uy = dFdy(uv);
    vec2 right = uv - materialParams.pupils.xy;
    vec2 left = uv - materialParams.pupils.zw;
    vec2 away = dot(right, right) < dot(left, left) ? right : left;
    float sinAway = sinRim * length(away) / materialParams.iris.x;
    if (materialParams.iris.y == 0.0 || sinAway >= sinRim) return uv;
    float cosAway = sqrt(1.0 - sinAway * sinAway);

    highp vec3 outwards = px * (away.x * uy.y - away.y * uy.x) + py * (ux.x * away.y - ux.y * away.x);
    outwards *= sign(ux.x * uy.y - ux.y * uy.x) * inversesqrt(max(dot(outwards, outwards), 1e-30));
    vec3 n = normalize(vertex_worldNormal);
    vec3 axis = normalize(n * cosAway - outwards * sinAway);
    vec3 ray = refract(-getWorldViewVector(), n, bending);
    float depth = materialParams.iris.y * (cosAway - cosRim) / (1.0 - cosRim);
    highp vec3 slide = ray * (depth / max(-dot(ray, axis), 0.3));
    highp vec3 across = cross(py, axis);
    highp float area = dot(px, across);
    return abs(area) < 1e-20 ? uv : uv + (ux * dot(slide, across) + uy * dot(slide, cross(axis, px))) / area;
}

// A soft ball in the shade of its lid under a clear, wet coat, in which the key light's softbox shows,
// and the light that the chest throws back from below.
vec3 shaded(Lit s, vec3 color, float roughness, float metallic) {
    float lid = 1.0 - 0.55 * smoothstep(0.05, 0.5, s.n.y);
    vec3 light = color * (keyLight() * wrapped(s.nol, vec3(0.4)) * s.key + variable_ambient.rgb) * lid;
    float glint = smoothstep(0.9925, 0.9955, s.noh) * max(s.key, 0.5);
    vec3 below = frameUniforms.lightDirection * vec3(-1.0, -1.0, 1.0);
    glint += 0.6 * smoothstep(0.9975, 0.9985, dot(s.n, normalize(below + s.v)));
    vec3 around = textureLod(light_iblSpecular, reflect(-s.v, s.n), 1.0).rgb * frameUniforms.iblLuminance;
    return light + keyLight() * (0.9 * glint) + (0.025 + 0.5 * atEdges(s.nov)) * lid * around;
}
#elif defined(HAIR)
// Two highlights across the strands, which run along the texture's second coordinate: white, turned
// towards the root, and the hair's colour, towards the tip, after light went through a strand
// (S. Marschner et al., "Light Scattering from Human Hair Fibers", 2003).
vec3 shaded(Lit s, vec3 color, float roughness, float metallic) {
    vec3 strand = shading_tangentToWorld[1];
    // Between vertices whose strands run otherwise there is none of its own, and no highlight.
    // Rough hair shines less: as it lies at a roughness of a half.
    float sure = smoothstep(0.6, 0.95, dot(strand, strand)) * (1.6 - 1.2 * roughness);
    strand = normalize(strand);
    float along = dot(strand, s.h);
    float first = along - 0.12 * s.noh;
    float second = along + 0.18 * s.noh;
    vec3 shine = vec3(0.085 * exp2(-70.0 * first * first)) + 0.7 * color * exp2(-14.0 * second * second);
    float lit = clamp((s.nol + 0.25) / 1.25, 0.0, 1.0);
    vec3 light = keyLight() * (lit * s.key) * (0.85 * lit * color + sure * shine);
    float around = sure * exp2(-10.0 * along * along);
    return light + s.open * (color * variable_ambient.rgb +
        ((0.2 * around + atEdges(s.nov)) * (0.4 * color + 0.04)) * variable_mirrored.rgb);
}
#else
// Everything else, by glTF’s metallic-roughness model.
vec3 shaded(Lit s, vec3 color, float roughness, float metallic) {
    vec3 matt = color * (1.0 - metallic);
    vec3 mirror = mix(materialParams.dielectric.rgb, color, metallic);
#if defined(MIRROR)
    float level = frameUniforms.iblRoughnessOneLevel * roughness * (2.0 - roughness);
    vec3 around = textureLod(light_iblSpecular, reflect(-s.v, s.n), level).rgb * frameUniforms.iblLuminance;
#else
    vec3 around = variable_mirrored.rgb;
#endif
    float rim = mix(materialParams.dielectric.a, 1.0, metallic) * (1.0 - 0.7 * roughness) * atEdges(s.nov);
    vec3 key = keyLight() * (max(s.nol, 0.0) * s.key);
    vec3 walls = mix(matt, flesh, materialParams.inMouth);
    // Nothing of the room shows in the wet of a mouth but its lights.
    around *= s.open * (1.0 - 0.85 * materialParams.inMouth);
    vec3 light = key * matt + outOf(s.open, walls) * matt * variable_ambient.rgb;
    vec3 shine = key * mirror * mirroredKey(s.noh, s.loh, roughness) + (mirror + rim * (1.0 - mirror)) * around;
#if defined(LAYERED)
    return layered(s, light, shine);
#else
    return light + shine;
#endif
}
#endif

void material(inout MaterialInputs material) {
    vec2 uv = getUV0();
#if defined(EYE)
    uv = throughCornea(uv);
#endif
    vec4 base = texture(materialParams_baseColorMap, uv) * materialParams.baseColor * getColor();
#if defined(CUT)
    material.baseColor = vec4(base.rgb, cutAlpha(base.a));
#endif
#if defined(DETAIL)
    material.normal = texture(materialParams_normalMap, uv).xyz * 2.0 - 1.0;
    material.normal.xy *= materialParams.normalScale;
    vec4 surface = texture(materialParams_metallicRoughnessMap, uv);
#else
#if defined(HAIR)
    material.normal = vec3(0.0, 0.0, 1.0);
#endif
    const vec4 surface = vec4(1.0);
#endif
    prepareMaterial(material);

    Lit s;
    s.n = getWorldNormalVector();
    s.v = getWorldViewVector();
    vec3 l = frameUniforms.lightDirection;
    s.h = normalize(l + s.v);
    s.nol = dot(s.n, l);
    s.nov = clamp(dot(s.n, s.v), 0.0, 1.0);
    s.noh = clamp(dot(s.n, s.h), 0.0, 1.0);
    s.loh = clamp(dot(l, s.h), 0.0, 1.0);
    s.key = keyVisibility();
    s.open = variable_ambient.a;
#if defined(DETAIL)
    s.open *= mix(1.0, surface.r, materialParams.occlusion);
#endif
    float roughness = clamp(materialParams.roughness * surface.g, 0.1, 1.0);
    vec3 light = shaded(s, base.rgb, roughness, materialParams.metallic * surface.b);
#if defined(DRAWN)
    // What shines by itself, what is unlit, and a drawn surface, whose shade is multiplied in where little
    // light falls, at `shading.x` of the cosine and from there over `shading.y` (MToon).
    float side = clamp((s.nol - materialParams.shading.x) * materialParams.shading.y, 0.0, 1.0);
    vec3 drawn = base.rgb * mix(materialParams.shade, vec3(1.0), side);
    vec3 glow = materialParams.emissive * texture(materialParams_emissiveMap, uv).rgb;
#if defined(LAYERED) && defined(VEIL)
    // Glass covers what is behind it by as much as it mirrors, however clear it is.
    vec3 shine = toned(glassShine);
    float covered = max(shine.r, max(shine.g, shine.b));
    covered += base.a * (1.0 - covered);
    light = (base.a * (light - glassShine) + glassShine) / max(covered, 1e-3);
    base.a = covered;
#endif
    vec3 tone = mix(toned(light + glow), clamp(drawn + glow, 0.0, 1.0), materialParams.unlit);
#else
    vec3 tone = toned(light);
#endif
#if defined(CUT)
    material.postLightingColor = vec4(shown(tone), material.baseColor.a);
#elif defined(VEIL)
    material.postLightingColor = vec4(shown(tone), 1.0) * base.a;
#else
    material.postLightingColor = vec4(shown(tone), 1.0);
#endif
}

// What Filament would do with the shadow is done; it would look it up again, and throw that away.
#undef HAS_DIRECTIONAL_LIGHTING
