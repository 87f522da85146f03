"""Reading and writing convention records: JSON, YAML, CSV and workbooks.

The way of an import: `files.read_files` gives drafts and problems, `merge.merge_all` lays the
drafts over what is stored. The way of an export: `files.write`. One field at a time: `fields`.
"""
