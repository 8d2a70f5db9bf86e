# Flags every target of ours carries, kept on one interface target so that third-party code escapes them.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)

option(AGENTPIPE_WERROR "Treat warnings as errors" OFF)
option(AGENTPIPE_PCH "Use precompiled headers" ON)
set(AGENTPIPE_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=: address,undefined or thread")
option(AGENTPIPE_COVERAGE "Instrument for gcov" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers reach ccache only when their define and time checks are relaxed; paths below the checkout are
  # made relative, so that another clone finds what this one compiled.
  set(launcher ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=true
    ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

find_package(Threads REQUIRED)

add_library(agentpipe_build INTERFACE)
target_link_libraries(agentpipe_build INTERFACE Threads::Threads)
target_compile_options(agentpipe_build INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-Wthread-safety>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wduplicated-cond -Wlogical-op>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${AGENTPIPE_WERROR}>>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 sees null pointers and overlaps in inlined library code that are not there.
  target_compile_options(agentpipe_build INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-null-dereference -Wno-restrict -Wno-maybe-uninitialized>)
endif()
target_compile_options(agentpipe_build INTERFACE -fstack-protector-strong)
if(AGENTPIPE_SANITIZE)
  target_compile_options(agentpipe_build INTERFACE
    -fsanitize=${AGENTPIPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(agentpipe_build INTERFACE -fsanitize=${AGENTPIPE_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(agentpipe_build INTERFACE _FORTIFY_SOURCE=2)
  target_link_options(agentpipe_build INTERFACE -Wl,-z,relro,-z,now)
endif()
# Linking dozens of test programs with their debug information is half of a developer's build.
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(agentpipe_build INTERFACE -fuse-ld=mold)
endif()
option(AGENTPIPE_FUZZ "Build the fuzz targets (clang)" OFF)
if(AGENTPIPE_FUZZ)
  target_compile_options(agentpipe_build INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(AGENTPIPE_COVERAGE)
  target_compile_options(agentpipe_build INTERFACE --coverage)
  target_link_options(agentpipe_build INTERFACE --coverage)
endif()
