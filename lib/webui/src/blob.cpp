#include "blob.hpp"

// The assembler takes the bytes from the file as they are. AGENTPIPE_WEBUI_BLOB is its path, set by CMake.
asm(".pushsection .rodata\n"
    ".balign 16\n"
    ".globl agentpipe_webui_blob\n"
    ".hidden agentpipe_webui_blob\n"
    ".type agentpipe_webui_blob, @object\n"
    "agentpipe_webui_blob:\n"
    ".incbin \"" AGENTPIPE_WEBUI_BLOB
    "\"\n"
    ".size agentpipe_webui_blob, . - agentpipe_webui_blob\n"
    ".popsection\n");
