/* SPDX-License-Identifier: Apache-2.0 */
// Maps by the types of their keys and values, as the C++ skeletons have them: small values that refer to a map of the
// object and are valid as long as it is open. A map can be used once the object is loaded.
#pragma once

#include <bpf/libbpf.h>
#include <ecc/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <new>
#include <optional>
#include <span>
#include <vector>

// How much padding there is depends on the types of keys and values.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpadded"

namespace ecc {

/// A map whose keys and values have no types; the rest of libbpf takes get() or fd().
class map {
public:
    map(bpf_map *map) : map_(map) {}

    bpf_map *get() const { return map_; }
    int fd() const { return bpf_map__fd(map_); }
    const char *name() const { return bpf_map__name(map_); }
    std::uint32_t max_entries() const { return bpf_map__max_entries(map_); }
    /// Before the object is loaded.
    status set_max_entries(std::uint32_t count) const { return status_of(bpf_map__set_max_entries(map_, count)); }

private:
    bpf_map *map_;
};

/// A struct_ops map, which is a Struct.
template <class Struct> class struct_ops_of : public map {
public:
    using map::map;

    /// To be changed before the object is loaded; functions in it are program::handle(), or 0. Null with errno: there is no
    /// memory for it.
    Struct *initial() const { return static_cast<Struct *>(bpf_map__initial_value(get(), nullptr)); }
};

/// The keys of a map in no particular order, as an input range. The one that was read last may be erased on the way; what
/// others change meanwhile may be seen or not. It ends after as many keys as the map has room for.
template <class Key> class key_range {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::input_iterator_tag;
        using value_type = Key;
        using difference_type = std::ptrdiff_t;
        using pointer = const Key *;
        using reference = const Key &;

        iterator() = default;
        explicit iterator(bpf_map *map) : map_(map), left_(bpf_map__max_entries(map)) {
            fetch(nullptr);
            ++*this;
        }

        const Key &operator*() const { return key_; }
        const Key *operator->() const { return &key_; }
        iterator &operator++() {
            key_ = next_;
            at_end_ = !has_next_ || left_ == 0;
            if (!at_end_) {
                --left_;
                fetch(&key_);
            }
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator &at, std::default_sentinel_t) { return at.at_end_; }

    private:
        void fetch(const Key *after) {
            has_next_ = bpf_map__get_next_key(map_, after, &next_, sizeof(Key)) == 0;
        }

        bpf_map *map_ = nullptr;
        Key key_{}, next_{};
        std::uint32_t left_ = 0;
        bool has_next_ = false, at_end_ = true;
    };

    explicit key_range(bpf_map *map) : map_(map) {}
    iterator begin() const { return iterator(map_); }
    std::default_sentinel_t end() const { return {}; }

private:
    bpf_map *map_;
};

template <class Key, class Value> class map_of : public map {
public:
    using map::map;
    using key_type = Key;
    using mapped_type = Value;

    /// Nothing if there is no such element; errno then says why, mostly ENOENT.
    std::optional<Value> lookup(const Key &key, std::uint64_t flags = 0) const {
        Value value;
        if (bpf_map__lookup_elem(get(), &key, sizeof key, &value, sizeof value, flags) != 0)
            return std::nullopt;
        return value;
    }
    bool contains(const Key &key) const { return lookup(key).has_value(); }
    /// Looks up and erases in one step.
    std::optional<Value> take(const Key &key, std::uint64_t flags = 0) const {
        Value value;
        if (bpf_map__lookup_and_delete_elem(get(), &key, sizeof key, &value, sizeof value, flags) != 0)
            return std::nullopt;
        return value;
    }
    /// `flags`: BPF_ANY, BPF_NOEXIST (else EEXIST) or BPF_EXIST (else ENOENT).
    status update(const Key &key, const Value &value, std::uint64_t flags = BPF_ANY) const {
        return status_of(bpf_map__update_elem(get(), &key, sizeof key, &value, sizeof value, flags));
    }
    status erase(const Key &key) const { return status_of(bpf_map__delete_elem(get(), &key, sizeof key, 0)); }
    key_range<Key> keys() const { return key_range<Key>(get()); }
};

/// A queue or a stack.
template <class Value> class queue_of : public map {
public:
    using map::map;
    using value_type = Value;

    /// E2BIG if it is full; BPF_EXIST in `flags` has it take the place of the oldest value.
    status push(const Value &value, std::uint64_t flags = BPF_ANY) const {
        return status_of(bpf_map__update_elem(get(), nullptr, 0, &value, sizeof value, flags));
    }
    /// Takes the next value out: the oldest of a queue, the newest of a stack. Nothing if there is none; errno is ENOENT.
    std::optional<Value> pop() const {
        Value value;
        if (bpf_map__lookup_and_delete_elem(get(), nullptr, 0, &value, sizeof value, 0) != 0)
            return std::nullopt;
        return value;
    }
    /// The value that pop() would give, which stays.
    std::optional<Value> peek() const {
        Value value;
        if (bpf_map__lookup_elem(get(), nullptr, 0, &value, sizeof value, 0) != 0)
            return std::nullopt;
        return value;
    }
};

/// A map with one value for each CPU that this machine can have.
template <class Key, class Value> class per_cpu_map_of : public map {
public:
    using map::map;
    using key_type = Key;
    using mapped_type = Value;

    /// Fills `values`, which must have an element for each of libbpf_num_possible_cpus() (else EINVAL).
    status lookup(const Key &key, std::span<Value> values) const {
        if (auto fits = check_size(values.size()); !fits)
            return fits;
        if constexpr (sizeof(cell) == sizeof(Value))
            return status_of(
                bpf_map__lookup_elem(get(), &key, sizeof key, values.data(), values.size_bytes(), 0));
        std::vector<cell> cells(values.size());
        const int error =
            bpf_map__lookup_elem(get(), &key, sizeof key, cells.data(), cells.size() * sizeof(cell), 0);
        for (std::size_t cpu = 0; error == 0 && cpu < cells.size(); ++cpu)
            values[cpu] = cells[cpu].value;
        return status_of(error);
    }
    /// The values of all CPUs, by number; nothing if there is no such element (errno says why).
    std::optional<std::vector<Value>> lookup(const Key &key) const {
        const int cpus = libbpf_num_possible_cpus();
        std::vector<Value> values(cpus > 0 ? static_cast<std::size_t>(cpus) : 0);
        if (!lookup(key, std::span<Value>(values)))
            return std::nullopt;
        return values;
    }
    status update(const Key &key, std::span<const Value> values, std::uint64_t flags = BPF_ANY) const {
        if (auto fits = check_size(values.size()); !fits)
            return fits;
        if constexpr (sizeof(cell) == sizeof(Value))
            return status_of(
                bpf_map__update_elem(get(), &key, sizeof key, values.data(), values.size_bytes(), flags));
        std::vector<cell> cells(values.size());
        for (std::size_t cpu = 0; cpu < cells.size(); ++cpu)
            cells[cpu].value = values[cpu];
        return status_of(
            bpf_map__update_elem(get(), &key, sizeof key, cells.data(), cells.size() * sizeof(cell), flags));
    }
    status erase(const Key &key) const { return status_of(bpf_map__delete_elem(get(), &key, sizeof key, 0)); }
    key_range<Key> keys() const { return key_range<Key>(get()); }

private:
    /// The kernel rounds each CPU's value up to 8 bytes.
    struct cell {
        alignas(alignof(Value) > 8 ? alignof(Value) : 8) Value value;
    };

    static status check_size(std::size_t size) {
        const int cpus = libbpf_num_possible_cpus();
        if (cpus < 0)
            return status_of(cpus);
        return status_of(size == static_cast<std::size_t>(cpus) ? 0 : -EINVAL);
    }
};

} // namespace ecc

#pragma GCC diagnostic pop
