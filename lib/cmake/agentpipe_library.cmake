# What nearly every file of ours includes; parsing it anew is half of a file's compile time.
set(AGENTPIPE_COMMON_HEADERS
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <span> <stop_token> <string> <string_view> <thread> <tl/expected.hpp> <unordered_map> <utility> <vector>)

# agentpipe_precompile(TARGET header…): the common headers and those named, precompiled unless AGENTPIPE_PCH is off.
function(agentpipe_precompile target)
  if(AGENTPIPE_PCH)
    target_precompile_headers(${target} PRIVATE ${AGENTPIPE_COMMON_HEADERS} ${ARGN})
  endif()
endfunction()

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
  agentpipe_precompile(${target} ${arg_PCH})
endfunction()
