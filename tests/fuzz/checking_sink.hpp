#pragma once

#include <string>

#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"
#include "fuzzing.hpp"

namespace agentpipe::fuzz {

/// Whatever a reader tells is an event that the other end takes.
class CheckingSink final : public formats::Sink {
 public:
  void event(model::Event event) override {
    const auto json = model::encode_event(event);
    hold(json.size() <= model::k_max_event, "an event is no larger than the other end takes", json);
    const auto decoded = model::decode_event(json, {});
    hold(decoded.has_value(), decoded ? "" : decoded.error().message.c_str(), json);
  }
  void skipped(formats::Skip, std::uint64_t) override {}
  void problem(formats::Problem) override {}
};

}  // namespace agentpipe::fuzz
