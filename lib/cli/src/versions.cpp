#include "versions.hpp"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <spdlog/version.h>
#include <sqlite3.h>
#include <zlib.h>

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <nlohmann/detail/abi_macros.hpp>

#include "agentpipe/cli/version.hpp"

namespace agentpipe::cli {

namespace {

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string row(std::string_view name, std::string_view version) {
  return "  " + std::string(name) + std::string(16 - name.size(), ' ') + std::string(version) + "\n";
}

}  // namespace

std::string_view program_version() {
  return k_version;
}

std::string version_text() {
  return "agentpipe-bridge " + std::string(k_version) + "\n" +
         row("Boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)) +
         row("CLI11", CLI11_VERSION) +  //
         row("curl", curl_version_info(CURLVERSION_NOW)->version) +
         row("nlohmann/json",
             dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)) +
         row("OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)) +
         row("spdlog", dotted(SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)) +
         row("SQLite", sqlite3_libversion()) +  //
         row("yaml-cpp", k_yaml_version) +      //
         row("zlib", zlibVersion());
}

}  // namespace agentpipe::cli
