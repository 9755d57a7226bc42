// C types that are hard to say on wasm32, as BPF source: what each was found to break is said beside it.
#pragma once

namespace ecc::testing {

inline constexpr const char* torture_types = R"(
struct pointers { void *p; long l; unsigned long ul; int (*fn)(int); size_t n; char c; };
struct fn_name_data { int (*fn)(void); char name[16]; u64 data[]; };   /* same sizeof on wasm32, other offsets */
struct mixed_bits { u32 a : 10; unsigned long b : 30; u8 c; };         /* b moves on wasm32 */
struct long_bits { unsigned long a : 3; long b : 5; unsigned long c : 40; };
struct small_bits { u8 a : 3; u8 b : 7; u16 c : 9; u32 d : 1; _Bool e : 1; };
struct signed_bits { s32 a : 3; s64 b : 50; s8 c : 2; };
struct gap_bits { u32 a : 3; u32 : 7; u32 b : 4; u32 : 0; u32 c : 2; u8 d; u32 e : 24; };
struct split_bits { u8 x; u32 a : 24; u8 y : 4; u64 z : 60; };
struct __attribute__((packed)) packed_bits { u8 a; u32 b : 20; u32 c : 20; u64 d : 33; u8 e; };
struct __attribute__((packed)) packed_plain { u8 a; u64 b; u16 c; void *p; };
struct __attribute__((packed, aligned(4))) packed_aligned { u8 a; u32 b; u16 c; };
struct one_packed_member { u32 a; u16 b; u64 c __attribute__((packed)); u8 d; };
struct aligned_member { u8 a; u32 b __attribute__((aligned(32))); u8 c; };
struct __attribute__((aligned(64))) cache_line { u32 a; };
struct with_cache_line { u8 a; struct cache_line line; u8 b; };
typedef u64 __attribute__((aligned(4))) compat_u64;
struct compat { u32 a; compat_u64 b; u32 c; };
struct in_packed { u8 a; struct packed_plain p; u32 b; struct packed_bits q[2]; };
struct wide { u8 a; unsigned __int128 b; __int128 c[2]; };
struct floats { float f; double d; float g; };
enum tiny { tiny_a, tiny_b = 200 } __attribute__((packed));
enum plain { plain_a = -1, plain_b = 7 };
enum large { large_a = 1, large_b = 0x123456789abULL };
enum negative { negative_a = -0x123456789abLL, negative_b = 1 };
enum top { top_a = 0x80000000u };
typedef enum { choice_a, choice_b } choice_t;
struct enums { enum tiny t; enum plain p; u8 x; enum large l; enum negative n; enum tiny ts[3]; enum top o; choice_t c; };
struct enum_bits { enum plain p : 4; enum top t : 32; enum tiny y : 3; };
struct empty {};
struct with_empty { u8 a; struct empty e; u32 b; struct empty es[3]; };
struct only_empty { struct empty e; };
struct flexible { u32 n; struct { u16 k; u8 v; } items[]; };
struct zero_array { u64 a; u8 n; char data[0]; };
struct anonymous { u8 tag; union { u32 number; struct { u16 low, high; }; u8 bytes[6]; }; struct { u64 x; struct { u8 y; }; } named[2]; };
union choice { u8 a; u64 b; struct { u32 c; u8 d; } e; char text[13]; };
union __attribute__((packed)) packed_union { u8 a; u64 b; char text[9]; };
union bits_union { u32 a : 3; u64 b : 40; u8 c; };
struct has_union { u8 a; union choice u; union packed_union p; u8 b; };
struct arrays { u32 grid[2][3]; char names[3][16]; void *pointers[2]; u8 bytes[5]; };
struct keywords { int class, new, private, namespace, template, this, operator, xor, errno, linux, bool; };
struct class { int x; };
struct uses_class { struct class class; struct class other; };
struct pad_names { u8 __pad0; u32 a; u8 __pad1; u64 b; };
typedef struct { u32 a; u8 b; } typedef_only_t;
struct uses_typedef { u8 x; typedef_only_t typedef_only_t; typedef_only_t t[2]; };
struct list { struct list *next, *prev; };
struct flags { _Bool a; _Bool b[3]; char c; signed char d; };
)";

/// One variable of each type, so that the compiler emits its BTF.
inline constexpr const char* torture_variables = R"(
#define KEEP(type, name) type keep_##name __attribute__((used))
KEEP(struct pointers, 0); KEEP(struct fn_name_data, 1); KEEP(struct mixed_bits, 2); KEEP(struct long_bits, 3);
KEEP(struct small_bits, 4); KEEP(struct signed_bits, 5); KEEP(struct gap_bits, 6); KEEP(struct split_bits, 7);
KEEP(struct packed_bits, 8); KEEP(struct packed_plain, 9); KEEP(struct packed_aligned, 10);
KEEP(struct one_packed_member, 11); KEEP(struct aligned_member, 12); KEEP(struct with_cache_line, 13);
KEEP(struct compat, 14); KEEP(struct in_packed, 15); KEEP(struct wide, 16); KEEP(struct floats, 17);
KEEP(struct enums, 18); KEEP(struct enum_bits, 19); KEEP(struct with_empty, 20); KEEP(struct only_empty, 21);
KEEP(struct flexible, 22); KEEP(struct zero_array, 23); KEEP(struct anonymous, 24); KEEP(union choice, 25);
KEEP(union packed_union, 26); KEEP(union bits_union, 27); KEEP(struct has_union, 28); KEEP(struct arrays, 29);
KEEP(struct keywords, 30); KEEP(struct uses_class, 31); KEEP(struct pad_names, 32); KEEP(struct uses_typedef, 33);
KEEP(struct list, 34); KEEP(struct flags, 35);
)";

} // namespace ecc::testing
