#include "agentpipe/service/health.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace agentpipe;
using nlohmann::json;

TEST_CASE("health says who answers, what it can do and whether it can store") {
  const auto well = json::parse(service::health_json("1.2.3", "e1", {}));
  CHECK(well["status"] == "healthy");
  CHECK(well["service"] == "agentpipe-web");
  CHECK(well["version"] == "1.2.3");
  CHECK(well["database"] == "e1");
  CHECK(well["capabilities"].size() > 0);
  const auto ill = json::parse(
      service::health_json("1.2.3", "e1", base::failure(base::ErrorCode::unavailable, "the disk is full")));
  CHECK(ill["status"] == "degraded");
  CHECK(ill["checks"]["database"] == "the disk is full");
}
