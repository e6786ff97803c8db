from voicebot.processor import MODERN, flags, tune


def test_numpy_computes_in_one_thread_and_wide_instructions_are_used_where_they_cost_nothing():
    environment = {}
    tune(environment, MODERN | {"avx2"})
    assert environment == {"OPENBLAS_NUM_THREADS": "1", "CT2_FORCE_CPU_ISA": "AVX512"}


def test_a_processor_without_them_is_not_asked_for_them():
    environment = {}
    tune(environment, frozenset({"avx2", "avx512f"}))
    assert "CT2_FORCE_CPU_ISA" not in environment


def test_what_a_person_has_set_stays():
    environment = {"OPENBLAS_NUM_THREADS": "4", "CT2_FORCE_CPU_ISA": "GENERIC"}
    tune(environment, MODERN)
    assert environment == {"OPENBLAS_NUM_THREADS": "4", "CT2_FORCE_CPU_ISA": "GENERIC"}


def test_the_flags_of_this_machine_are_words():
    assert all(flag.strip() == flag for flag in flags())
