#include "agentpipe/cli/program.hpp"

int main(int count, char** arguments, char** environment) {
  return agentpipe::cli::main_program(count, arguments, environment);
}
