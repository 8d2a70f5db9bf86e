#pragma once

#include <cstddef>

/// All embedded files, one after the other; the generated table knows the offsets.
extern "C" const std::byte agentpipe_webui_blob[];
