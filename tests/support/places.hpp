#pragma once

#include <filesystem>

namespace agentpipe::test {

/// Where the tests find what they read. Functions rather than compile definitions: a path in every compile
/// command would keep one checkout from using what another has compiled.
std::filesystem::path sources();          ///< the checkout
std::filesystem::path fixtures();         ///< our own: tests/fixtures
std::filesystem::path shared_fixtures();  ///< larger ones that may lie beside the checkout

}  // namespace agentpipe::test
