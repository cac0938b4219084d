# Filament: Debian's package natively, for WebAssembly what scripts/setup built.
add_library(vivavox_filament_headers INTERFACE)
add_library(vivavox_filament INTERFACE)
target_link_libraries(vivavox_filament INTERFACE vivavox_filament_headers)
if(EMSCRIPTEN)
  target_include_directories(vivavox_filament_headers SYSTEM INTERFACE ${VIVAVOX_DEPENDENCIES}/filament/include)
  target_link_libraries(vivavox_filament INTERFACE ${VIVAVOX_DEPENDENCIES}/filament/lib/libfilament.a)
  set(VIVAVOX_MATC_FLAGS -a opengl -p mobile -S)
else()
  find_path(FILAMENT_INCLUDE filament/Engine.h PATH_SUFFIXES filament-1.9 REQUIRED)
  find_package(Vulkan REQUIRED)
  target_include_directories(vivavox_filament_headers SYSTEM INTERFACE ${FILAMENT_INCLUDE})
  target_link_libraries(vivavox_filament INTERFACE filament filament_backend filament_utils Vulkan::Vulkan)
  set(VIVAVOX_MATC_FLAGS -a vulkan -p desktop)
endif()
find_program(VIVAVOX_MATC matc REQUIRED)

# vivavox_materials(TARGET FOLDER NAMES...): compiles FOLDER/NAME.mat for this
# platform and embeds it in TARGET as vivavox_NAME (see embed.cmake).
function(vivavox_materials target folder)
  file(GLOB includes CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.fs)
  foreach(name ${ARGN})
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${name}.mat)
    set(compiled ${CMAKE_CURRENT_BINARY_DIR}/${name}.filamat)
    add_custom_command(OUTPUT ${compiled}
      COMMAND ${VIVAVOX_MATC} ${VIVAVOX_MATC_FLAGS} -o ${compiled} ${source}
      DEPENDS ${source} ${includes})
    vivavox_embed(${target} vivavox_${name} ${compiled})
  endforeach()
endfunction()
