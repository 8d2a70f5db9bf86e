#pragma once

#include <simdjson.h>

#include "agentpipe/model/event.hpp"
#include "object_decoder.hpp"
#include "value_decoder.hpp"

namespace agentpipe::model {

/// The parts of decoding that single events and upload documents share.

/// Reads a message in its flat and its nested form (`message{…}`, `metrics{…}`).
void decode_message(ValueDecoder& decoder, simdjson::dom::object object, MessageCreated& into,
                    Reserved reserved = nullptr);
/// Gives each participant an id: "<type>-<index>" when there is none, a suffix when two are equal.
void settle_participants(std::vector<Participant>& participants);
/// Defaults of a message that its sender left out; `time` is part of a derived id, empty when it was not
/// given either.
void settle_message(MessageCreated& message, std::string_view time);

}  // namespace agentpipe::model
