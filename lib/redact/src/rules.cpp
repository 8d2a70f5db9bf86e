#include "rules.hpp"

namespace agentpipe::redact {

std::vector<Rule> built_in_rules() {
  std::vector<Rule> rules;
  add_token_rules(rules);
  add_assignment_rules(rules);
  return rules;
}

}  // namespace agentpipe::redact
