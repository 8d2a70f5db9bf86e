#include "agentpipe/hub/hub.hpp"

#include <algorithm>
#include <utility>

namespace agentpipe::hub {

using base::MutexLock;

Hub::Hub(std::string epoch, model::LogNumber last, RingLimits limits)
    : epoch_(std::make_shared<const std::string>(std::move(epoch))),
      limits_(limits),
      before_(last),
      last_(last) {}

void Hub::on_news(std::function<void(const News&)> listener) {
  auto shared = std::make_shared<const std::function<void(const News&)>>(std::move(listener));
  const MutexLock lock(mutex_);
  listener_ = std::move(shared);
}

model::LogNumber Hub::last() const {
  const MutexLock lock(mutex_);
  return last_;
}

Place Hub::live() const {
  const MutexLock lock(mutex_);
  return {last_, end_slot_};
}

void Hub::publish(std::span<const std::shared_ptr<const model::Logged>> events) {
  Listener listener;
  News news;
  {
    // Frames are made outside the lock: readers wait for pointers only.
    std::vector<std::shared_ptr<const Frame>> frames;
    frames.reserve(events.size());
    news.reserve(events.size());
    for (const auto& event : events)
      frames.push_back(std::make_shared<const Frame>(epoch_, event, Kind::stored));
    const MutexLock lock(mutex_);
    for (auto& frame : frames) {
      news.push_back(frame->topic());
      last_ = frame->number();
      append(std::move(frame));
    }
    shrink();
    listener = listener_;
  }
  if (listener) (*listener)(news);
}

void Hub::broadcast(model::Event event) {
  Listener listener;
  const News news{topic_of(model::conversation_id(event))};
  {
    const MutexLock lock(mutex_);
    auto logged = std::make_shared<const model::Logged>(model::Logged{last_, std::move(event)});
    append(std::make_shared<const Frame>(epoch_, std::move(logged), Kind::transient));
    shrink();
    listener = listener_;
  }
  if (listener) (*listener)(news);
}

void Hub::announce(std::string_view type, std::string json) {
  Listener listener;
  {
    const MutexLock lock(mutex_);
    append(std::make_shared<const Frame>(last_, type, std::move(json)));
    shrink();
    listener = listener_;
  }
  if (listener) (*listener)({k_every_topic});
}

void Hub::append(std::shared_ptr<const Frame> frame) {
  bytes_ += frame->weight();
  ++published_;
  newest_[frame->topic()] = end_slot_;
  ring_.push_back(std::move(frame));
  ++end_slot_;
}

void Hub::shrink() {
  while (ring_.size() > limits_.frames || (bytes_ > limits_.bytes && ring_.size() > 1)) {
    const auto& oldest = *ring_.front();
    bytes_ -= oldest.weight();
    before_ = oldest.number();
    if (const auto newest = newest_.find(oldest.topic()); newest->second == first_slot_)
      newest_.erase(newest);
    ring_.pop_front();
    ++first_slot_;
  }
}

std::uint64_t Hub::slot_after(model::LogNumber number) const {
  const auto next =
      std::ranges::upper_bound(ring_, number, {}, [](const auto& frame) { return frame->number(); });
  return first_slot_ + static_cast<std::uint64_t>(next - ring_.begin());
}

/// Whether a frame at `from_slot` or later may concern a subscriber of the topic.
bool Hub::may_hold(Topic topic, std::uint64_t from_slot) const {
  const auto since = [&](Topic one) REQUIRES(mutex_) {
    const auto newest = newest_.find(one);
    return newest != newest_.end() && newest->second >= from_slot;
  };
  return topic == k_every_topic || since(topic) || since(k_every_topic);
}

Reading Hub::read(Place& place, const Filter& filter, Portion portion) const {
  Reading reading;
  if (place.slot == end_slot_) return reading;
  const MutexLock lock(mutex_);
  if (place.slot < first_slot_) {
    if (place.number < before_) return {Reading::State::behind, {}, before_};
    place.slot = slot_after(place.number);
  }
  if (!may_hold(topic_of(filter.session_id), place.slot)) {
    // Of many subscribers, each of a conversation of its own, nearly all have nothing to look at.
    place = {std::max(place.number, last_), end_slot_};
    return reading;
  }
  std::size_t bytes = 0;
  for (; place.slot < end_slot_; ++place.slot) {
    const auto& frame = ring_[place.slot - first_slot_];
    // A replay may have run ahead of the ring: what it brought must not come again.
    const bool seen = frame->kind() == Kind::stored && frame->number() <= place.number;
    const bool wanted = frame->for_everyone() || filter.matches(frame->session_id(), frame->type());
    if (!seen && wanted) {
      if (reading.frames.size() >= portion.frames) break;
      if (!reading.frames.empty() && bytes + frame->weight() > portion.bytes) break;
      bytes += frame->weight();
      reading.frames.push_back(frame);
    }
    place.number = std::max(place.number, frame->number());
  }
  if (!reading.frames.empty()) reading.state = Reading::State::frames;
  return reading;
}

Hub::Stats Hub::stats() const {
  const MutexLock lock(mutex_);
  return {ring_.size(), bytes_, published_};
}

}  // namespace agentpipe::hub
