#include "agentpipe/config/setting.hpp"

namespace agentpipe::config {

std::string to_string(const Origin& origin) {
  switch (origin.kind) {
    case Origin::Kind::default_value:
      return "default";
    case Origin::Kind::file:
      return origin.name + ":" + std::to_string(origin.line);
    case Origin::Kind::environment:
      return "$" + origin.name;
    case Origin::Kind::flag:
      return origin.name;
  }
  return {};
}

}  // namespace agentpipe::config
