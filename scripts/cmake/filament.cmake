# Filament: Debian's package natively, for WebAssembly what scripts/setup built.
add_library(vivavox_filament_headers INTERFACE)
add_library(vivavox_filament INTERFACE)
target_link_libraries(vivavox_filament INTERFACE vivavox_filament_headers)
if(EMSCRIPTEN)
  target_include_directories(vivavox_filament_headers SYSTEM INTERFACE ${VIVAVOX_DEPENDENCIES}/filament/include)
  target_link_libraries(vivavox_filament INTERFACE ${VIVAVOX_DEPENDENCIES}/filament/lib/libfilament.a)
  # Shaders as they are written: made shorter by an optimizer, each differs from the others, and what is
  # packed is twice as large.
  set(VIVAVOX_MATC_FLAGS -a opengl -p mobile -E)
else()
  find_path(FILAMENT_INCLUDE filament/Engine.h PATH_SUFFIXES filament-1.9 REQUIRED)
  find_package(Vulkan REQUIRED)
  target_include_directories(vivavox_filament_headers SYSTEM INTERFACE ${FILAMENT_INCLUDE})
  target_link_libraries(vivavox_filament INTERFACE filament filament_backend filament_utils Vulkan::Vulkan)
  set(VIVAVOX_MATC_FLAGS -a vulkan -p desktop)
endif()
find_program(VIVAVOX_MATC matc REQUIRED)

# vivavox_materials(TARGET FOLDER MATERIALS...): compiles materials for this platform and embeds them in
# TARGET, packed, as vivavox_materials (see embed.cmake). Each is "NAME FILE BLENDING DEFINES...":
# FOLDER/FILE.mat.in with that name and blending, and what its shaders may ask for.
function(vivavox_materials target folder)
  file(GLOB includes CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.fs ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.vs)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${folder})
  foreach(include ${includes})
    get_filename_component(file ${include} NAME)
    configure_file(${include} ${generated}/${file} COPYONLY)
    list(APPEND copies ${generated}/${file})
  endforeach()
  set(all)
  foreach(material ${ARGN})
    separate_arguments(defines UNIX_COMMAND "${material}")
    list(POP_FRONT defines name file blending)
    list(TRANSFORM defines PREPEND -D)
    set(source ${generated}/${name}.mat)
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file}.mat.in ${source} @ONLY)
    set(compiled ${CMAKE_CURRENT_BINARY_DIR}/${name}.filamat)
    add_custom_command(OUTPUT ${compiled}
      COMMAND ${VIVAVOX_MATC} ${VIVAVOX_MATC_FLAGS} ${defines} -o ${compiled} ${source}
      DEPENDS ${source} ${copies})
    list(APPEND all ${compiled})
  endforeach()
  set(packer ${PROJECT_SOURCE_DIR}/scripts/cmake/pack_materials.py)
  set(packed ${CMAKE_CURRENT_BINARY_DIR}/materials.pack)
  add_custom_command(OUTPUT ${packed} COMMAND python3 ${packer} ${packed} ${all}
    DEPENDS ${packer} ${PROJECT_SOURCE_DIR}/scripts/cmake/shader_trimming.py ${all})
  vivavox_embed(${target} vivavox_materials ${packed})
endfunction()
