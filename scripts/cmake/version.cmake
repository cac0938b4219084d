# The version of everything, VIVAVOX_VERSION: it stands in web/vivavox/package.json, where npm
# wants it.
set(package_json ${CMAKE_CURRENT_LIST_DIR}/../../web/vivavox/package.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${package_json})
file(READ ${package_json} package_text)
string(JSON VIVAVOX_VERSION GET ${package_text} version)
