# agentpipe_library(NAME [SOURCES …] [USES lib…] [PRIVATE target…] [PCH header…])
#
# One library: include root lib/NAME/include, sources lib/NAME/src. USES names the libraries of this project whose
# headers it may see (design: dependency direction); PRIVATE names third-party targets, seen by src/ only.
function(agentpipe_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PRIVATE;PCH" ${ARGN})
  set(target agentpipe_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(agentpipe::${name} ALIAS ${target})
  target_include_directories(${target} PUBLIC include PRIVATE src)
  foreach(used IN LISTS arg_USES)
    target_link_libraries(${target} PUBLIC agentpipe::${used})
  endforeach()
  target_link_libraries(${target} PRIVATE agentpipe_build ${arg_PRIVATE})
  if(AGENTPIPE_PCH AND arg_PCH)
    target_precompile_headers(${target} PRIVATE ${arg_PCH})
  endif()
endfunction()
