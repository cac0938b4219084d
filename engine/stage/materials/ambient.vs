// The light that comes from all around, at each vertex, and how much of it comes in (a): both change
// slowly over a surface.

// Radiance as Filament has it: spherical harmonics of three bands, already spread by a rough surface's
// cosine. `keen` takes some of that spreading back.
vec3 lightAround(vec3 d, vec2 keen) {
    vec3 light = frameUniforms.iblSH[0];
    light += keen.x * (frameUniforms.iblSH[1] * d.y + frameUniforms.iblSH[2] * d.z + frameUniforms.iblSH[3] * d.x);
    light += keen.y * (frameUniforms.iblSH[4] * (d.y * d.x) + frameUniforms.iblSH[5] * (d.y * d.z) +
        frameUniforms.iblSH[6] * (3.0 * d.z * d.z - 1.0) + frameUniforms.iblSH[7] * (d.z * d.x) +
        frameUniforms.iblSH[8] * (d.x * d.x - d.y * d.y));
    return max(light, vec3(0.0)) * frameUniforms.iblLuminance;
}

void materialVertex(inout MaterialVertexInputs material) {
    vec3 n = normalize(material.worldNormal);
    vec3 v = normalize(frameUniforms.cameraPosition - material.worldPosition.xyz);
    vec4 opens = getCustom0();
    float open = clamp(opens.x + dot(materialParams.openings.xyz, opens.yzw - opens.x), 0.0, 1.0);
    material.ambient = vec4(lightAround(n, vec2(1.0)), mix(1.0, open, materialParams.openings.w));
    material.mirrored = vec4(lightAround(reflect(-v, n), vec2(1.3, 2.5)), 0.0);
}
