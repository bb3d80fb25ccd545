"""Read back with the wfdb package."""

import numpy as np
import pytest
import wfdb

from tests.worker.digitise.curves import lead, tracing
from worker.digitise.table import table_of
from worker.digitise.wfdb_record import wfdb_written


def test_wfdb_reads_the_very_values_with_nan_where_nothing_was_seen(tmp_path):
    leads = lead("I", (1500, None, -32767), fs=199.995353), lead("aVR", (-7, 8), start_s=0.01, fs=199.995353)
    assert wfdb_written(tmp_path, "sheet-1", table_of(tracing(*leads))) == ("sheet-1.hea", "sheet-1.dat")
    read = wfdb.rdrecord(str(tmp_path / "sheet-1"))
    assert (read.sig_name, read.units, read.fs) == (["I", "aVR"], ["mV", "mV"], 199.995353)
    np.testing.assert_array_equal(
        read.p_signal,
        [[1.5, np.nan], [np.nan, np.nan], [-32.767, -0.007], [np.nan, 0.008]],
    )


def test_the_checksums_are_those_of_the_samples(tmp_path):
    wfdb_written(tmp_path, "many", table_of(tracing(lead("I", (30000, 30000, None, -5)))))
    read = wfdb.rdrecord(str(tmp_path / "many"), physical=False)
    assert (np.array(read.calc_checksum()) - np.array(read.checksum)) % 65536 == 0


def test_a_curve_of_volts_keeps_its_height(tmp_path):
    wfdb_written(tmp_path, "volts", table_of(tracing(lead("I", (0, 400_000, -100_000)))))
    read = wfdb.rdrecord(str(tmp_path / "volts")).p_signal[:, 0]
    np.testing.assert_allclose(read, [0.0, 400.0, -100.0], atol=0.02)


@pytest.mark.parametrize("without", [lead("I", fs=None), lead("I", None, heights=(0.1, 0.2))], ids=["time", "voltage"])
def test_no_rate_and_no_voltage_are_invented(tmp_path, without):
    with pytest.raises(ValueError, match="time and voltage"):
        wfdb_written(tmp_path, "beat", table_of(tracing(without)))
    assert not list(tmp_path.iterdir())
