# Options that all of the project's own targets share.
add_library(vivavox_options INTERFACE)
target_compile_features(vivavox_options INTERFACE cxx_std_23)
target_include_directories(vivavox_options INTERFACE ${PROJECT_SOURCE_DIR})
# No contraction to FMA: WebAssembly has none, and both must compute the same.
target_compile_options(vivavox_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wreserved-identifier -Wzero-as-null-pointer-constant -Wconversion -Wno-sign-conversion -Wno-missing-designated-field-initializers -Werror -ffp-contract=off)

if(EMSCRIPTEN)
  # Small where a page waits for the bytes, fast where it waits for the work.
  set(small_rooms vivavox_face vivavox_timeline vivavox_align vivavox_avatar vivavox_stage vivavox_sculpt vivavox_unpack stage speech unpack sculpt)
  target_compile_options(vivavox_options INTERFACE -fwasm-exceptions -msimd128
    $<IF:$<IN_LIST:$<TARGET_PROPERTY:NAME>,${small_rooms}>,-Oz,-O3>)
  target_link_options(vivavox_options INTERFACE -fwasm-exceptions -O3)
endif()

if(VIVAVOX_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(VIVAVOX_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()

# vivavox_knows_repository(SOURCES...): they read files of the repository, from
# VIVAVOX_ROOT. Theirs alone, so that the cache serves the others in any folder.
function(vivavox_knows_repository)
  set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_DEFINITIONS VIVAVOX_ROOT="${PROJECT_SOURCE_DIR}")
endfunction()

# vivavox_room(NAME SOURCES... [TESTS ...]): a library of one room of the
# engine, and its Catch2 tests, which lie beside their subjects.
function(vivavox_room name)
  cmake_parse_arguments(room "" "" "SOURCES;TESTS;LIBRARIES" ${ARGN})
  add_library(vivavox_${name} STATIC ${room_SOURCES})
  target_link_libraries(vivavox_${name} PUBLIC vivavox_options ${room_LIBRARIES})
  # The first room precompiles for all; what is optimized otherwise cannot share it.
  set(precompiler timeline)
  if(EMSCRIPTEN AND NOT vivavox_${name} IN_LIST small_rooms)
    set(precompiler media)
  endif()
  if(name STREQUAL precompiler)
    target_precompile_headers(vivavox_${name} PRIVATE ${PROJECT_SOURCE_DIR}/engine/precompiled.h)
  else()
    target_precompile_headers(vivavox_${name} REUSE_FROM vivavox_${precompiler})
  endif()
  if(room_TESTS AND BUILD_TESTING AND NOT EMSCRIPTEN)
    add_executable(${name}_tests ${room_TESTS})
    target_link_libraries(${name}_tests PRIVATE vivavox_${name} Catch2::Catch2WithMain)
    add_test(NAME unit.${name} COMMAND ${name}_tests)
  endif()
endfunction()

# vivavox_fuzzer(NAME SOURCE LIBRARIES...): a libFuzzer target, in the
# sanitizer build only.
function(vivavox_fuzzer name source)
  if(VIVAVOX_SANITIZE STREQUAL "address")
    add_executable(fuzz_${name} ${source})
    target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()

# Boost.JSON: Debian's library natively, its sources in one unit for WebAssembly.
if(EMSCRIPTEN)
  add_library(vivavox_json STATIC ${CMAKE_CURRENT_LIST_DIR}/boost_json.cpp)
  target_compile_features(vivavox_json PUBLIC cxx_std_23)
  target_include_directories(vivavox_json SYSTEM PUBLIC ${VIVAVOX_DEPENDENCIES}/include)
  target_compile_options(vivavox_json PRIVATE -fwasm-exceptions -Oz -w)
else()
  find_package(Boost 1.83 CONFIG REQUIRED COMPONENTS json)
  add_library(vivavox_json INTERFACE)
  target_link_libraries(vivavox_json INTERFACE Boost::json)
endif()
