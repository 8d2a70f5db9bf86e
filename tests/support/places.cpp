#include "places.hpp"

namespace agentpipe::test {

std::filesystem::path sources() {
  return AGENTPIPE_SOURCES;
}

std::filesystem::path fixtures() {
  return sources() / "tests/fixtures";
}

std::filesystem::path shared_fixtures() {
  return sources().parent_path() / "shared/fixtures";
}

}  // namespace agentpipe::test
