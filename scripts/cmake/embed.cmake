# vivavox_embed(TARGET SYMBOL FILE): makes FILE's bytes available to TARGET as
# `extern const unsigned char SYMBOL[]; extern const std::size_t SYMBOL_size;`.
# C is compiled without ccache (CMakePresets.json): it does not see what #embed
# reads, and would give back the object of an earlier version of the file.
function(vivavox_embed target symbol file)
  get_filename_component(path ${file} ABSOLUTE)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  file(CONFIGURE OUTPUT ${source} CONTENT [[
#include <stddef.h>
const unsigned char @symbol@[] = {
#embed "@path@"
};
const size_t @symbol@_size = sizeof @symbol@;
]] @ONLY)
  target_sources(${target} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${path} SKIP_PRECOMPILE_HEADERS ON
    COMPILE_OPTIONS "-std=c23;-Wno-c23-extensions")
endfunction()
