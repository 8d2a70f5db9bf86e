# Writes the text of INPUT as the string NAME of the header HEADER to OUTPUT.
file(READ ${INPUT} text)
get_filename_component(source ${INPUT} NAME)
file(WRITE ${OUTPUT} "// Made from ${source}; do not edit.\n#include \"${HEADER}\"\n\n"
  "namespace agentpipe::formats {\n\nconst std::string_view ${NAME} = R\"text(${text})text\";\n\n}\n")
